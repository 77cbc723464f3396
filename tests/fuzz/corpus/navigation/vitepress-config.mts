.vitepress/config.mts
export default defineConfig({ title: "T", lang: "de", themeConfig: { sidebar: [{ text: "P", items: [{ text: "A", link: "/one" }] }] } })
