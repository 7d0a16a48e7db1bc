// Trains nlp.js on the examples of a JSON file and writes the intents of its texts beside it:
// {"examples": [[text, intent], …], "texts": […]} becomes ["intent", …].
const fs = require('fs');
const { dockStart } = require('@nlpjs/basic');
const { LangSv } = require('@nlpjs/lang-sv');

const [, , input, output] = process.argv;
const { examples, texts } = JSON.parse(fs.readFileSync(input, 'utf8'));

(async () => {
  const settings = { nlp: { languages: ['sv'], autoSave: false, nlu: { log: false } } };
  const dock = await dockStart({ settings, use: ['Basic'], autoLoad: false });
  const nlp = dock.get('nlp');
  nlp.container.use(LangSv);
  nlp.addLanguage('sv');
  for (const [text, intent] of examples) nlp.addDocument('sv', text, intent);
  await nlp.train();
  const intents = [];
  for (const text of texts) intents.push((await nlp.process('sv', text)).intent);
  fs.writeFileSync(output, JSON.stringify(intents));
})();
