"""The codebook: families, codes and their terms in two languages, as data, and the tables of clusters and regions."""

from textmine.codebook.exchange import from_quanteda, to_quanteda, to_skos
from textmine.codebook.load import load_codebook
from textmine.codebook.model import LANGUAGES, STRENGTHS, Code, Codebook, Examples, Family, Frame, Terms
from textmine.codebook.tables import Cluster, PolicyEvent, Region, clusters, policy_timeline, regions
from textmine.codebook.yaml_text import read_yaml

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
    "from_quanteda",
    "load_codebook",
    "policy_timeline",
    "read_yaml",
    "regions",
    "to_quanteda",
    "to_skos",
]
