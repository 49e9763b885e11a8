"""The sandbox of vendors: one process that speaks their wire formats, fails as they fail, and makes real films."""
