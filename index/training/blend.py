"""Step 3, second half: a point on the line between the model before its lessons and after.

Averaging the two keeps what the lessons taught and gives back what they cost (WiSE-FT, Wortsman et
al. 2022); it needs no further training.
"""

import argparse
import sys
from pathlib import Path

import torch

from index.training import checkpoint


def blend(before: Path, after: Path, share: float, folder: Path) -> None:
    """Write the model that is `share` of the taught one and the rest of the original."""
    if checkpoint.is_complete(folder):
        return
    model, taught = checkpoint.load_model(before), checkpoint.load_model(after)
    learnt = taught.state_dict()
    with torch.no_grad():
        for name, values in model.state_dict().items():
            if values.is_floating_point() and not torch.equal(values, learnt[name]):
                values.lerp_(learnt[name], share)
    checkpoint.save(model, (before / "tokenizer.json").read_text(encoding="utf-8"), folder)


def main() -> int:
    """Command line of the step."""
    parser = argparse.ArgumentParser(description=blend.__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("share", type=float)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    blend(arguments.before, arguments.after, arguments.share, arguments.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
