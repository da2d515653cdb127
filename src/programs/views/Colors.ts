/** The log's colours (features.md F9). Colour means state, and only state; the text says it too. */
export const COLORS = {
  blue: 0x3498db,
  green: 0x2ecc71,
  yellow: 0xf1c40f,
  red: 0xe74c3c,
  purple: 0x9b59b6,
  grey: 0x95a5a6,
} as const;
