"""latentlab: latent spaces to look at, to touch and to measure.

The core (everything but ``latentlab.ui``) imports no user interface. Importing ``latentlab`` itself
is instant: torch and scikit-learn load with the first module that needs them.
"""

__version__ = "0.1.0"
