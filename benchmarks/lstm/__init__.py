"""A character model of stacked LSTM layers."""
