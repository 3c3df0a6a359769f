"""Strategies, fakes and measurements, for tests of applications too."""
