"""The rate of the mappings, and which mapping is kept, by the criterion alone."""

import numpy as np

from lessons.language.word_translation import evaluation, refinement
from lessons.toolkit.callbacks import Watch

MOST_FOR_ACCURACY = 5000  # words: larger vocabularies are judged at the end only


class Selection(Watch):
    """After every epoch: criterion of every restart; at the end each gets its best W.

    The rate of the mappings falls by a factor per epoch. With `halving` it also halves
    whenever the best criterion drops, from the second drop on, as the released code
    does. Accuracies are noted for the figures; nothing depends on them. A restart that
    diverged keeps the best mapping that it had before; `diverged` counts them.

    Args:
        languages: `data.Languages`.
        config: a `Config`.
    """

    def __init__(self, languages, config):
        super().__init__(self._look)
        self.languages, self.config = languages, config
        self.best, self.kept = None, None
        self.rate, self.drops, self.last = config.rate, 0, -np.inf

    def on_train_begin(self, logs=None):
        """Until an epoch is over, every restart has its first mapping."""
        self.kept = np.array(self.model.mappings.kernel.numpy())
        self.best = np.full(len(self.kept), refinement.DIVERGED)

    def on_epoch_begin(self, epoch, logs=None):
        """Set the rate of the epoch."""
        self.model.optimizer.learning_rate.assign(self.rate)

    def _look(self, model):
        source, target = self.languages.source, self.languages.target
        mappings = model.mappings.kernel.numpy()
        found = np.array(
            [
                refinement.criterion(
                    w,
                    source,
                    target,
                    self.config.criterion_words,
                    self.config.neighbours,
                )
                for w in mappings
            ]
        )
        better = found > self.best
        self.best[better], self.kept[better] = found[better], mappings[better]
        self._next_rate(float(found.max()))
        lost = found == refinement.DIVERGED
        seen = {f"criterion_{r}": value for r, value in enumerate(found)}
        seen["diverged"] = np.sum(lost)
        if len(source) <= MOST_FOR_ACCURACY:
            seen |= {
                f"p1_{r}": evaluation.accuracy(w, self.languages, self.config)
                if not lost[r]
                else 0.0
                for r, w in enumerate(mappings)
            }
        return seen

    def _next_rate(self, criterion):
        self.rate *= self.config.rate_decay
        if self.config.halving and criterion < self.last:
            self.drops += 1
            if self.drops > 1:
                self.rate /= 2
        self.last = criterion

    def on_train_end(self, logs=None):
        """Give every restart the mapping of its best epoch."""
        self.model.mappings.kernel.assign(self.kept)
