// Pages that nobody begins with: their words come with them (`withWords` in src/lib/language.ts).
const MORE = ["src/features/admin", "src/features/overview", "src/features/verifications"];

/** @type {import("@lingui/conf").LinguiConfig} */
export default {
  sourceLocale: "en",
  locales: ["en", "de"],
  catalogs: [
    {
      path: "<rootDir>/src/locales/{locale}",
      include: ["src"],
      exclude: ["src/**/*.test.*", "src/test/**", ...MORE.map((feature) => `${feature}/**`)],
    },
    { path: "<rootDir>/src/locales/more/{locale}", include: MORE, exclude: ["src/**/*.test.*"] },
  ],
  orderBy: "messageId",
};
