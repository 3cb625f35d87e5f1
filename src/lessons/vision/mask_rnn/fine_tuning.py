"""Online training: a network is fitted to the first mask of the object it follows."""

import keras
import numpy as np
from keras import ops

from lessons.vision.mask_rnn import evaluation, samples, trials
from lessons.vision.mask_rnn.model import Segmenter


def adam(rate, steps, **options):
    """Adam whose rate falls as a cosine over some steps."""
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps)
    return keras.optimizers.Adam(schedule, **options)


class FineTuner:
    """Fits a network to first frames, one object after another, with one graph.

    Args:
        config: a `Config`.
        net: a trained `MaskNet`, where each object begins.
    """

    def __init__(self, config, net):
        self.config, self.net = config, net
        self.model = Segmenter(net, config.balanced)
        self.model.compile(adam(config.online_rate, config.online_steps))
        self.model.optimizer.build(net.trainable_variables)
        self._first = [
            (variable, ops.convert_to_numpy(variable).copy())
            for variable in (*net.variables, *self.model.optimizer.variables)
        ]

    def fit(self, videos, video, number):
        """Train on augmented copies of the first frame of an object.

        Args:
            videos: `Videos`.
            video, number: which object.
        """
        config = self.config
        self.reset()
        rng = np.random.default_rng((config.seed, 4, video, number))
        count = config.online_steps * config.online_batch
        x, y = samples.first_frames(videos, video, number, count, config, rng)
        self.model.fit(
            x, y, batch_size=config.online_batch, epochs=1, verbose=0, shuffle=False
        )

    def reset(self):
        """Put the network and its optimizer back to where they began."""
        for variable, value in self._first:
            variable.assign(value)

    def segment(self, videos):
        """Masks of videos, each object by a network of its own.

        Args:
            videos: `Videos`.

        Returns:
            As `evaluation.segment`.
        """
        tracks, found = samples.whole(videos)[0], []
        count, time, objects = videos.masks.shape[:3]
        for row in range(len(tracks)):
            video, number = divmod(row, objects)
            if videos.present[video, number]:
                self.fit(videos, video, number)
            found.append(evaluation.segment_tracks(self.net, tracks[row : row + 1]))
        self.reset()
        found = np.concatenate(found)
        found = found.reshape(count, objects, time - 1, *found.shape[2:])
        return np.swapaxes(found, 1, 2)


def compare(config, nets, videos):
    """Scores with and without fine-tuning on the first test videos.

    Args:
        config: a `Config`.
        nets: trained `MaskNet`s by variant.
        videos: test `Videos`.

    Returns:
        Dictionary of floats: `online/VARIANT/METRIC`, `offline/VARIANT/METRIC`, and
        `gain/VARIANT_online/METRIC`.
    """
    few, found = videos.first(config.num_online), {}
    for name in config.online:
        both = [
            evaluation.judge(evaluation.objects_of(masks), few, config.tolerance)
            for masks in (
                FineTuner(config, nets[name]).segment(few),
                evaluation.segment(nets[name], few),
            )
        ]
        for group, (scores, _) in zip(("online", "offline"), both, strict=True):
            found |= {f"{group}/{name}/{key}": v for key, v in scores.items()}
        found |= trials.gained(f"{name}_online", both[0][1], both[1][1])
    return found
