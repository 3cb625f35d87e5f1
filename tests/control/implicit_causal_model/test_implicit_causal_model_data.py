"""Simulated people, files of genotypes, runs, and what is recorded."""

import numpy as np
import pytest

from lessons.control.implicit_causal_model import (
    config,
    data,
    experiment,
    figures_theory,
    genotypes,
    paper,
    simulators,
)
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]
LAPTOP = config.PRESETS["laptop"]
X = np.random.default_rng(0).binomial(2, 0.4, (9, 5)).astype(np.int8)


def plink(folder, x, traits=None):
    """Write a PLINK file by hand: two bits a person, four people a byte."""
    codes = np.array([0b11, 0b10, 0b00, 0b01])[np.where(x < 0, 3, x)]
    people, snps = x.shape
    packed = bytearray(genotypes.MAGIC)
    for m in range(snps):
        column = np.zeros(-(-people // 4) * 4, int)
        column[:people] = codes[:, m]
        for four in column.reshape(-1, 4):
            packed.append(int(four @ [1, 4, 16, 64]))
    path = folder / "people.bed"
    path.write_bytes(bytes(packed))
    words = ["-9"] * people if traits is None else traits
    lines = [f"f{n} p{n} 0 0 1 {words[n]}" for n in range(people)]
    path.with_suffix(".fam").write_text("\n".join(lines) + "\n")
    lines = [f"1 rs{m} 0 {m + 1} A G" for m in range(snps)]
    path.with_suffix(".bim").write_text("\n".join(lines) + "\n")
    return path


def test_a_plink_file_is_read(tmp_path):
    traits = [*map(str, np.linspace(0, 1, 8)), "-9"]
    path = plink(tmp_path, X, traits)
    found = genotypes.read(path)
    np.testing.assert_array_equal(found.genotypes, X)
    assert found.genotypes.dtype == np.int8
    np.testing.assert_allclose(found.trait[:8], np.linspace(0, 1, 8))
    assert np.isnan(found.trait[8])
    assert genotypes.read(plink(tmp_path, X)).trait is None
    cases = genotypes.read(plink(tmp_path, X, list("121212120"))).trait
    assert np.isnan(cases[8]) and cases[0] == 1  # 0 is missing beside 1 and 2


def test_text_and_numpy_files_are_read(tmp_path):
    text = tmp_path / "x.txt"
    text.write_text("\n".join(" ".join(map(str, row)) for row in X) + "\n\n")
    np.testing.assert_array_equal(genotypes.read(text).genotypes, X)
    table = tmp_path / "x.csv"
    table.write_text("\n".join(",".join(map(str, row)) for row in X))
    np.testing.assert_array_equal(genotypes.read(table).genotypes, X)
    both = tmp_path / "x.npz"
    np.savez(both, genotypes=X, trait=np.arange(9))
    found = genotypes.read(both)
    np.testing.assert_array_equal(found.genotypes, X)
    np.testing.assert_array_equal(found.trait, np.arange(9.0))


def test_a_file_that_is_wrong_is_refused_with_the_place(tmp_path):
    missing = X.astype(int)
    missing[3, 1] = -1
    text = tmp_path / "x.txt"
    for path, message in (
        (None, "data_path"),
        (tmp_path / "none.bed", "no file"),
        (plink(tmp_path, missing), "1 of 45 genotypes are missing.*person 4, SNP 2"),
    ):
        with pytest.raises(UserError, match=message):
            genotypes.read(path)
    for words, message in (
        ("0 1\n2 NA\n", "1 of 4 genotypes are missing.*person 2, SNP 2"),
        ("0 1\n2 3\n", "person 2, SNP 2 has the genotype 3"),
        ("0 1\n2 0.5\n", "genotype 0.5"),
        ("0 1\n2\n", "line 2: 1 genotypes"),
        ("0,,2\n,1,0\n", "2 of 6 genotypes are missing.*person 1, SNP 2"),
        ("0 1\n2 A\n", "line 2"),
        ("0 1\n", "at least 2 people"),
        ("", "at least 2 people"),
    ):
        text.write_text(words)
        with pytest.raises(UserError, match=message):
            genotypes.read(text)
    path = plink(tmp_path, X)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UserError, match="18 bytes for the 9 people"):
        genotypes.read(path)
    path = plink(tmp_path, X, ["1"] * 8 + ["tall"])
    with pytest.raises(UserError, match="line 9: the trait is 'tall'"):
        genotypes.read(path)
    path.with_suffix(".bim").unlink()
    with pytest.raises(UserError, match="bim"):
        genotypes.read(path)
    both = tmp_path / "x.npz"
    np.savez(both, genotypes=X, trait=np.arange(8))
    with pytest.raises(UserError, match=r"shape \(8,\)"):
        genotypes.read(both)


def test_a_cohort_of_a_file_and_its_imitation(tmp_path):
    rng = np.random.default_rng(1)
    x = rng.binomial(2, rng.uniform(0.2, 0.8, 40), (30, 40))
    trait = rng.normal(size=30)
    trait[4] = np.nan
    path = tmp_path / "x.npz"
    np.savez(path, genotypes=x, trait=trait)
    settings = SMOKE.replace(data_path=str(path), settings=("cohort",), latent_dim=2)
    study = data.load(settings, "cohort")
    assert study.genotypes.shape[0] == 29 and not study.causal.any()
    assert study.trait.std() == pytest.approx(1)
    chosen = settings.replace(variants=("neural", "pca", "implicit"), num_people=29)
    report = experiment.run(chosen.replace(batch_size=10))
    assert "cohort/pca/inflation" in report.metrics
    assert "cohort/pca/precision" not in report.metrics
    copied = data.load(settings.replace(num_causal=2, num_snps=30), "tgp")
    assert copied.genotypes.shape == (30, 30)
    np.savez(path, genotypes=x)
    with pytest.raises(UserError, match="no trait"):
        data.load(settings, "cohort")


@pytest.mark.parametrize("setting", simulators.SETTINGS)
def test_every_setting_gives_a_study(setting):
    settings = SMOKE.replace(num_people=210, num_snps=100, num_causal=10)
    study = data.load(settings, setting)
    assert study.genotypes.shape == study.frequencies.shape == (210, 100)
    assert study.genotypes.dtype == np.int8 and study.causal.sum() == 10
    means = study.genotypes.mean(axis=0)
    assert means.min() > 0.1 and means.max() < 1.9
    np.testing.assert_allclose(means / 2, study.frequencies.mean(axis=0), atol=0.12)
    assert study.trait.mean() == pytest.approx(0, abs=1e-9)
    assert np.all((study.frequencies >= 0) & (study.frequencies <= 1))
    if setting == "hapmap":
        assert sorted(study.structure.sum(axis=0)) == [60, 60, 90]
    if setting.startswith("spatial"):
        assert study.frequencies.max() <= 0.95
    again = data.load(settings, setting)
    np.testing.assert_array_equal(again.genotypes, study.genotypes)


def test_shares_are_those_of_the_variance():
    settings = LAPTOP.replace(num_snps=50)
    study = data.load(settings, "hapmap")
    assert study.confounder.var() == pytest.approx(0.2)
    none = data.load(settings.replace(shares=(0.1, 0.0, 0.9)), "hapmap")
    np.testing.assert_array_equal(none.genotypes, study.genotypes)
    assert not none.confounder.any()
    linear = data.load(settings.replace(confounding="linear"), "spatial_0.25")
    q = np.column_stack([linear.structure])
    rest = linear.confounder - q @ np.linalg.lstsq(q, linear.confounder, rcond=None)[0]
    assert np.abs(rest).max() < 1e-9


def test_structures_spread_as_they_should():
    rng = np.random.default_rng(2)
    for a in (0.1, 1.0):
        people = simulators.population(f"psd_{a:g}", 20_000, 3, rng)
        found = people.structure.var(axis=0).mean()
        assert found == pytest.approx(2 / 9 / (3 * a + 1), rel=0.03)
        people = simulators.population(f"spatial_{a:g}", 20_000, 3, rng)
        found = people.structure[:, :2].var(axis=0).mean()
        assert found == pytest.approx(1 / (4 * (2 * a + 1)), rel=0.03)


def test_toys_have_the_variance_they_say():
    rng = np.random.default_rng(3)
    for name in ("scale", "bimodal"):
        for x in (0.25, 0.75):
            y = data.toy_given(name, np.full(50_000, x), rng)
            assert y.var() == pytest.approx(data.toy_variance(name, x), rel=0.03)


def test_several_devices_are_refused_before_training():
    with pytest.raises(UserError, match="strategy=none"):
        experiment.run(SMOKE.replace(strategy="mirrored"))


def test_the_drawing_says_what_is_cut():
    assert "no arrow leads into it" in figures_theory.graph().alt


def test_recorded_runs_hold_what_the_lesson_says():
    slug = "implicit_causal_model"
    runs, null, bare, others, begun, toy = (
        results.recorded(slug, f"laptop{name}")
        for name in ("", "_null", "_unconfounded", "_others", "_starts", "_toy")
    )
    assert {len(r) for r in (runs, null, bare, others, begun, toy)} == {8}
    for source, settings in ((runs, LAPTOP.settings), (others, simulators.SETTINGS)):
        mine = set(LAPTOP.settings) if source is others else set()
        for setting in set(settings) - mine:
            names = ("uncorrected", "random", "pca", "lmm", "gcat", "oracle")
            lam = {n: source[setting, n, "inflation"].mean() for n in names}
            assert min(lam["uncorrected"], lam["random"]) > 2
            for name in ("pca", "lmm", "gcat", "oracle"):
                assert 0.88 < lam[name] < 1.12, (setting, name)
    for setting in LAPTOP.settings:
        assert 0.9 < runs[setting, "neural", "inflation"].mean() < 1.1
        for name in ("uncorrected", "pca", "lmm", "gcat"):
            assert abs(null[setting, name, "rejected"].mean() - 0.05) < 0.02
        assert np.all(runs[setting, "neural", "rmse"] > runs[setting, "pca", "rmse"])
        assert np.all(runs[setting, "neural", "r2"] < runs[setting, "pca", "r2"])
    assert (
        np.mean([bare[s, "uncorrected", "inflation"] for s in LAPTOP.settings]) > 1.25
    )
    assert begun["psd_0.1/permuted/r2"].max() < 0.05
    assert np.all(toy["bimodal/toy_implicit/gap"] < 0.1)
    assert np.all(toy["bimodal/toy_gaussian/gap"] > 0.3)
    assert np.all(toy["scale/toy_gaussian/error"] < toy["scale/toy_implicit/error"])


def test_headlines_stand_on_recorded_runs():
    for headline in paper.HEADLINES:
        runs = results.recorded("implicit_causal_model", headline.preset)
        assert len(runs[headline.metric]) == 8
