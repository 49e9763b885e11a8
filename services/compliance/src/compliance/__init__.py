"""The airlock: holds content for review and alone decides what may leave."""
