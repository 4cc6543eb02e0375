"""The whole app: `streamlit run app.py`."""

from latentlab.ui.app import frame

frame.run()
