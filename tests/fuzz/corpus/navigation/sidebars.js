sidebars.js
// c
module.exports = { docs: ["three", {type: "category", label: 'P', items: ["a", {type: "doc", id: "three"}]}, ...x ] /* c */ };
