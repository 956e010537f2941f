"""Topics of both languages in one model: seeded by the codebook, with stability, labels and shares over time."""

from textmine.topics.fit import fit_topics
from textmine.topics.model import Topic, TopicModel

__all__ = ["Topic", "TopicModel", "fit_topics"]
