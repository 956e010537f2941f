"""textmine reads cluster-policy documents and says, sentence by sentence, what they contain."""

__version__ = "0.1.0"
__all__ = ["__version__"]
