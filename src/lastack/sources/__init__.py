"""Where packets and events come from: files, the network, the kernel's tables."""
