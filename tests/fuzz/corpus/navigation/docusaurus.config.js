docusaurus.config.js
const c = { title: "T", url: "https://e.org", baseUrl: "/x/", i18n: { defaultLocale: "de" } }; export default c;
