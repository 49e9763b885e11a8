import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist*/", "public/", "src/api/schema/", "*.js", "tools/*.mjs"] },
  ts.configs.recommendedTypeChecked,
  hooks.configs.flat.recommended,
  a11y.flatConfigs.recommended,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  // What is cast to never is checked by nobody: a parameter that a service does not know would be sent all the same.
  { files: ["src/api/*.ts"], ignores: ["**/*.test.ts"], rules: { "no-restricted-syntax": ["error", "TSAsExpression > TSNeverKeyword"] } },
  // What scrolls inside of itself takes the focus, so that keys can scroll it; it is a named group.
  { rules: { "jsx-a11y/no-noninteractive-tabindex": ["error", { tags: [], roles: ["tabpanel", "group"], allowExpressionValues: true }] } },
  // Films have their captions in the picture, and these two know of no file of captions that belongs to what they play.
  { files: ["src/features/library/Films.tsx", "src/features/run/Files.tsx"], rules: { "jsx-a11y/media-has-caption": "off" } },
);
