"""store -> topics, trends, integration: the one place where the store meets the analysis."""
