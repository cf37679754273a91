// What do Node's programs read in files of environment variables?  Texts in, [values, expanded] out.

const { createRequire } = require('node:module')
const { readFileSync } = require('node:fs')
const path = require('node:path')

const packages = createRequire(path.join(process.cwd(), 'package.json'))
const { parse } = packages('dotenv')
const { expand } = packages('dotenv-expand')

function read(text) {
  const values = parse(text)
  try {
    return [values, expand({ processEnv: {}, parsed: { ...values } }).parsed]
  } catch {
    return [values, null] // what refers to itself is read until the stack is full
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(read)))
