"""Language: what words and sentences have in common across languages."""
