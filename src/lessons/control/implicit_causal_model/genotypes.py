"""Reads genotypes and a trait from a file: PLINK's .bed, NumPy's .npz, or text.

Genotypes are 0, 1 or 2 copies, a row for each person and a column for each SNP. Nothing
is guessed: a missing genotype, another number or a wrong size is refused, and the
message says where it is.
"""

import typing
import zipfile
from pathlib import Path

import numpy as np

from lessons.toolkit.data import files
from lessons.toolkit.errors import UserError

HOW_TO = (
    "Allowed: a PLINK .bed file with its .bim and .fam beside it; an .npz file with an "
    "array `genotypes` (people, SNPs) of 0, 1, 2 and, for a trait, `trait` (people,); "
    "or text, a line of 0, 1, 2 for each person, split by spaces, tabs or commas."
)
MISSING = ("NA", "nan", "")
MAGIC = b"\x6c\x1b\x01"  # PLINK 1, a SNP after the other


class Cohort(typing.NamedTuple):
    """What a file holds."""

    genotypes: np.ndarray  # (people, SNPs), int8
    trait: np.ndarray | None  # (people,), NaN where it is not known


def read(path):
    """The genotypes of a file, and its trait where it has one.

    Args:
        path: of the file; its ending says what it is.

    Returns:
        A `Cohort`.

    Raises:
        UserError: the file is absent, is not what its ending says, or holds missing
            genotypes.
    """
    if path is None:
        raise UserError(f"this setting needs data_path, a file of genotypes. {HOW_TO}")
    path = Path(path)
    if not path.is_file():
        raise UserError(f"no file {str(path)!r}. {HOW_TO}")
    readers = {".bed": _plink, ".npz": _npz}
    found = readers.get(path.suffix.lower(), _text)(path)
    return Cohort(_checked(path, found.genotypes), found.trait)


def _checked(path, genotypes):
    """Genotypes as int8, or an error that says which one is none."""
    if (
        genotypes.ndim != 2
        or min(genotypes.shape) < 2
        or genotypes.dtype.kind not in "iuf"
    ):
        raise UserError(
            f"{str(path)!r} holds genotypes of type {genotypes.dtype} and shape "
            f"{genotypes.shape}, but at least 2 people and 2 SNPs are needed. {HOW_TO}"
        )
    missing = ~np.isfinite(genotypes) | (genotypes < 0)
    if missing.any():
        person, snp = np.argwhere(missing)[0]
        raise UserError(
            f"{str(path)!r}: {missing.sum():,} of {genotypes.size:,} genotypes are "
            f"missing, the first of person {person + 1}, SNP {snp + 1}. Allowed: none; "
            "leave out such SNPs or impute them (plink --geno 0, or a tool of its own)."
        )
    strange = ~np.isin(genotypes, (0, 1, 2))
    if strange.any():
        person, snp = np.argwhere(strange)[0]
        raise UserError(
            f"{str(path)!r}: person {person + 1}, SNP {snp + 1} has the genotype "
            f"{genotypes[person, snp]}. Allowed: 0, 1 or 2 copies."
        )
    return genotypes.astype(np.int8)


def _plink(path):
    fam, bim = _lines(path.with_suffix(".fam")), _lines(path.with_suffix(".bim"))
    people, snps = len(fam), len(bim)
    expected = len(MAGIC) + snps * -(-people // 4)
    size = path.stat().st_size
    with path.open("rb") as file:
        magic = file.read(len(MAGIC))
    if magic != MAGIC or size != expected:
        raise UserError(
            f"{str(path)!r} has {size:,} bytes and begins with {magic.hex()}. Allowed: "
            f"{expected:,} bytes for the {people:,} people of its .fam and the "
            f"{snps:,} SNPs of its .bim, beginning with {MAGIC.hex()}."
        )
    try:
        import bed_reader
    except ImportError:
        raise UserError(
            f"reading {str(path)!r} needs the package bed-reader. Allowed: "
            "`pip install bed-reader`, or text, a line of 0, 1, 2 for each person."
        ) from None
    with bed_reader.open_bed(path, num_threads=1) as file:
        genotypes = file.read(dtype="int8")
    return Cohort(genotypes, _phenotypes(path.with_suffix(".fam"), fam))


def _lines(path):
    if not path.is_file():
        raise UserError(f"no file {str(path)!r}, which the .bed file needs. {HOW_TO}")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UserError(f"{str(path)!r} is not text in UTF-8. {HOW_TO}") from None
    return [line for line in text.splitlines() if line]


def _phenotypes(path, lines):
    """The sixth column of a .fam file; NaN where it is missing; None if all are.

    Missing are -9 and NA, and 0 where all others are 1 and 2, controls and cases.
    """
    values = []
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if len(words) != 6:
            raise UserError(
                f"{str(path)!r}, line {number}: {len(words)} words. Allowed: 6, the "
                "last of them the trait."
            )
        try:
            value = float("nan") if words[5] == "NA" else float(words[5])
        except ValueError:
            raise UserError(
                f"{str(path)!r}, line {number}: the trait is {words[5]!r}. Allowed: a "
                "number, or -9 or NA where it is missing."
            ) from None
        values.append(np.nan if value == -9 else value)
    values = np.array(values)
    codes = set(values[np.isfinite(values)])
    if {1, 2} <= codes <= {0, 1, 2}:  # controls and cases
        values[values == 0] = np.nan
    return None if np.isnan(values).all() else values


def _npz(path):
    try:
        with files.arrays(path, "genotypes", HOW_TO) as file:
            genotypes = file["genotypes"]
            trait = file["trait"] if "trait" in file.files else None
    except zipfile.BadZipFile as error:
        raise UserError(f"cannot read {str(path)!r}: {error}. {HOW_TO}") from None
    if trait is not None and (
        trait.shape != genotypes.shape[:1] or trait.dtype.kind not in "iuf"
    ):
        raise UserError(
            f"{str(path)!r} holds a trait of type {trait.dtype} and shape "
            f"{trait.shape} for genotypes {genotypes.shape}. {HOW_TO}"
        )
    return Cohort(genotypes, None if trait is None else trait.astype(np.float64))


def _text(path):
    rows, size = [], None
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UserError(f"{str(path)!r} is not text. {HOW_TO}") from None
    for number, line in enumerate(lines, start=1):
        words = line.split(",") if "," in line else line.split()
        words = [word.strip() for word in words]
        if not words:
            continue
        size = size or len(words)
        if len(words) != size:
            raise UserError(
                f"{str(path)!r}, line {number}: {len(words)} genotypes, but the lines "
                f"above have {size}. {HOW_TO}"
            )
        try:
            rows.append([np.nan if w in MISSING else float(w) for w in words])
        except ValueError:
            raise UserError(
                f"{str(path)!r}, line {number}: {line[:40]!r} holds a word that is no "
                f"number. {HOW_TO}"
            ) from None
    return Cohort(np.array(rows, np.float64).reshape(len(rows), size or 0), None)
