// What does Prisma's own engine do, and say, of a database and a folder of migrations?
//
// Reads one JSON document, {act, connection, folder, name}, and writes one, {ok} or {error}.
// The engine is the WebAssembly of Prisma's own; its adapter for `pg` is corrected where it is not
// what the native engine is: a script goes as one query, over the one connection that there is.

import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

// From where it was called: the packages lie there, and not beside this file.
const packages = createRequire(path.join(process.cwd(), 'package.json'))
const { PrismaPg } = packages('@prisma/adapter-pg')
const { bindMigrationAwareSqlAdapterFactory } = packages('@prisma/driver-adapter-utils')

const TEXT = 25
const AS_TEXT = new Set([18, 19, 2205, 2206]) // "char", name, regclass, regtype
const MODEL = 'datasource db {\n  provider = "postgresql"\n  url = "postgresql://unused"\n}\n'
const NO_FILTERS = { externalTables: [], externalEnums: [] }

class Factory extends PrismaPg {
  async connect() {
    return corrected(await super.connect())
  }
}

function corrected(adapter) {
  const perform = adapter.performIO.bind(adapter)
  adapter.performIO = async (query) => {
    const result = await perform(query)
    for (const field of result.fields) {
      if (AS_TEXT.has(field.dataTypeID)) field.dataTypeID = TEXT
    }
    return result
  }
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script)
    } catch (error) {
      adapter.onError(error)
    }
  }
  return adapter
}

async function started(connection) {
  const found = packages.resolve('@prisma/schema-engine-wasm')
  const bindings = await import(path.join(path.dirname(found), 'schema_engine_bg.js'))
  const bytes = await readFile(path.join(path.dirname(found), 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  const { schema, ...where } = connection
  const factory = new Factory({ ...where, max: 1 }, { schema })
  const bound = bindMigrationAwareSqlAdapterFactory(factory)
  const options = { datamodels: [['schema.prisma', MODEL]] }
  return bindings.SchemaEngine.new(options, () => {}, bound)
}

async function migrations(folder) {
  const there = await readdir(folder, { withFileTypes: true })
  const names = there.filter((one) => one.isDirectory()).map((one) => one.name)
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: null },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(names.sort().map((name) => migration(folder, name))),
  }
}

async function migration(folder, name) {
  const file = 'migration.sql'
  try {
    const text = await readFile(path.join(folder, name, file), 'utf8')
    return { path: name, migrationFile: { path: file, content: { tag: 'ok', value: text } } }
  } catch (error) {
    return { path: name, migrationFile: { path: file, content: { tag: 'error', value: `${error}` } } }
  }
}

const ACTS = {
  deploy: (engine, list) => engine.applyMigrations({ migrationsList: list, filters: NO_FILTERS }),
  diagnose: (engine, list) =>
    engine.diagnoseMigrationHistory({
      migrationsList: list,
      optInToShadowDatabase: false,
      filters: NO_FILTERS,
    }),
  applied: (engine, list, name) =>
    engine.markMigrationApplied({ migrationName: name, migrationsList: list }),
  rolledBack: (engine, _list, name) => engine.markMigrationRolledBack({ migrationName: name }),
}

async function read(stream) {
  const pieces = []
  for await (const piece of stream) pieces.push(piece)
  return JSON.parse(Buffer.concat(pieces).toString())
}

function said(error) {
  return { message: `${error?.message ?? error}`, code: error?.code ?? null }
}

const { act, connection, folder, name } = await read(process.stdin)
const engine = await started(connection)
let answer
try {
  answer = { ok: (await ACTS[act](engine, await migrations(folder), name)) ?? null }
} catch (error) {
  answer = { error: said(error) }
}
process.stdout.write(JSON.stringify(answer), () => process.exit(0))
