"""The whole app: `streamlit run app.py`."""

from latentlab.ui import frame

frame.run()
