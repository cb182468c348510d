// What html-validate asks of our pages: its recommended rules but for these.
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // The page as received is shown character by character, blanks at the ends of its lines included.
    "no-trailing-whitespace": "off",
    // Suggestions below the search box come and go while one types, which a <select> cannot.
    "prefer-native-element": ["error", { exclude: ["listbox"] }],
  },
};
