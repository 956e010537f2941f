"""The codebook: families, codes and their terms in two languages, as data, and the tables of clusters and regions."""

from textmine.codebook.load import load_codebook
from textmine.codebook.model import LANGUAGES, STRENGTHS, Code, Codebook, Examples, Family, Frame, Terms
from textmine.codebook.tables import Cluster, PolicyEvent, Region, clusters, policy_timeline, regions

__all__ = [
    "LANGUAGES",
    "STRENGTHS",
    "Cluster",
    "Code",
    "Codebook",
    "Examples",
    "Family",
    "Frame",
    "PolicyEvent",
    "Region",
    "Terms",
    "clusters",
    "load_codebook",
    "policy_timeline",
    "regions",
]
