/** What each migration was when it landed; written by `npm run migrations:seal`. */
export const checksums: Readonly<Record<string, string>> = {
  "0001_front_door": "0280ed7b20da467ba9ab8f0f81e393f174267e65ddbe076b1b99f1ce4e493423",
  "0002_wrong_passwords": "1dd08befdb8ff97428aea6263cb9580014321c031f503d5885a8b0dde7e46fe7",
  "0003_settings_version": "878d57de429d3bcf31360d0e54a5e29e5270fd4b44e39296744592071c867ed5",
  "0004_welcome": "8f5d9f9252dd32dc43fb6a797a717c6b6914a7c8201f2c0374c084679698d79d",
  "0005_chain_end": "98c903eacc8ad1edd94cd200947e1393556a30676c186dd0be47764ed7a5260f",
  "0006_parked_log_posts": "f9133b9cdc36a46cee6405fffa7a319e344df3c70c3ebd275422dbb1b3f40d7b",
  "0007_raid": "44be8685318a1e67620bbd852e7f5400f5b8ed9631645f3dc8d9314ead0b6402",
  "0008_application_status": "94ec520c000187ef39e35e091ebb60f4407a4666fe5be43ef0e265ae0d4bc222",
  "0009_ops_alerts": "c0a3d6d05fc2952a6e1e27ded21814f5f453b548e0802c680a880c151aba2c84",
  "0010_log_notice": "44e90b47bd81d4fce6514b97a46acfec460738c3bd0d48d53a9dff45d48675b6",
  "0011_panic_purge": "4ee1692a7bf6cf97ba27f905bd9d03518847caf6b4effc0f407ade59929a92fa",
  "0012_absence": "eb6dd5826c24e495e084df025d5188b6dadcc16787cf6ae36c236c34e8b17044",
  "0013_flags": "5cc55688cf87f1f6115e39b087887af2215eeb001b8f57d85b40e8cf4a7544d0",
  "0014_sessions": "353ecee7e1cde3f8e31dad1d2e79397cd8a3e56f1954288f17e2bea50155a6a1",
  "0015_drafts": "9aa6dc3695a8f9e7accded0abded849cbfa87ecd90ad45016c47c4712458fdf0",
  "0016_joins_by_time": "e9c1e31b19bd8374fa7fdbbeb3b2ce9bbb2f1936dbf13e5f4e2bb77e54098f31",
};
