"""The Anomaly page; what it draws is in ``latentlab/ui/sentences``."""

# pandas looks for a package of this name, and finds this file where its folder is searched too.
if __name__ == "sentences":
    raise ImportError("This is a page of latentlab, not the package that pandas can use.")

from latentlab.ui.app import frame

frame.show("sentences")
