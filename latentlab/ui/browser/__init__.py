"""Components that run in the visitor's browser: typed functions here, their JavaScript beside."""
