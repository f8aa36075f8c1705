"""What is watched of a running bot, and what stops it: metrics, the switch, masked words."""
