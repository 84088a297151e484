"""Phaseout runs a yearly campaign to phase out outdated production equipment (淘汰落后产能)."""
