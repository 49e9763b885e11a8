"""The drill: runs go on while processes are killed under them, and afterwards everything is counted (docs/drill.md)."""
