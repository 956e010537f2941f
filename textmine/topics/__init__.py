"""Topics of both languages in one model: seeded by the codebook, with stability, labels and shares over time."""

from textmine.topics.fit import Topic, TopicModel, fit_topics

__all__ = ["Topic", "TopicModel", "fit_topics"]
