"""Pictures: the only boundary between files, pixels and tensors; whole photographs; tiles."""
