/** Where the product answers: the `public_url` of its configuration. A company changes this one line. */
module.exports = { ORIGIN: "https://hr.example.com" };
