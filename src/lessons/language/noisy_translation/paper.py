"""What the paper states, and the rows of the results table."""

# Parts of the charCNN translator of `seq2seq-attn` with 500 letters and 50,000 target
# words; the paper gives no counts. `Recurrent` has one bias, as its LSTM.
PARAMETERS = {
    "letters": 12_500,
    "convolution": 151_000,
    "highways": 4_004_000,
    "encoder": 5_004_000,
    "targets": 25_000_000,
    "decoder": 5_004_000,
    "attention": 750_000,
    "generator": 25_050_000,
}
TOTAL = sum(PARAMETERS.values())  # 64,975,500
# Parts of char2char's encoder (Lee, Cho and Hofmann 2017).
CHAR2CHAR = {"convolutions": 1_301_300, "highways": 35_296_800, "encoder": 8_027_136}
# BLEU of models that were trained on clean text: clean, swap, middle, random, key, nat.
# From a copy of the paper's table that was not checked against the paper.
CLEAN_TRAINED = {
    "German, char2char": (29.97, 5.68, 5.46, 0.28, 2.96, 12.68),
    "German, BPE": (34.22, 3.39, 5.16, 0.29, 0.61, 10.68),
    "Czech, char2char": (25.71, 3.90, 4.24, 0.25, 2.88, 11.42),
    "Czech, BPE": (29.65, 2.94, 4.09, 0.66, 1.41, 11.88),
}
HEADLINES = ()
EFFECT = None
