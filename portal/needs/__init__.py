"""What souschefs need to develop, counted over groups that never give one person away; nothing of it has a name."""
