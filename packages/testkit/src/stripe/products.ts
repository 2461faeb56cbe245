import { emit, emitChange } from './emit.js'
import { datedPage, datedPaging } from './pages.js'
import { clearable, flag, list, mergeMetadata, metadata, required, text } from './parameters.js'
import { type Route, route } from './route.js'
import { invalid } from './stripe-fault.js'

const fields = {
  active: flag,
  description: clearable(text),
  metadata,
  url: clearable(text),
  unit_label: clearable(text),
}

export const productRoutes: readonly Route[] = [
  route('POST', '/v1/products', { ...fields, id: text, name: required(text) }, ({ account, params }) => {
    const id = params.id ?? account.newId('prod_', 14)
    if (account.products.find(id))
      throw invalid('Product already exists.', { code: 'resource_already_exists', param: 'id' })
    const created = account.now()
    const product = account.products.add({
      id,
      object: 'product',
      active: params.active ?? true,
      created,
      default_price: null,
      description: params.description || null,
      images: [],
      livemode: account.livemode,
      marketing_features: [],
      metadata: mergeMetadata(null, params.metadata),
      name: params.name,
      package_dimensions: null,
      shippable: null,
      statement_descriptor: null,
      tax_code: null,
      tax_details: null,
      type: 'service',
      unit_label: params.unit_label || null,
      updated: created,
      url: params.url || null,
    })
    emit(account, 'product.created', product)
    return product
  }),
  route('GET', '/v1/products/:id', {}, ({ account, id }) => account.products.get(id)),
  route('POST', '/v1/products/:id', { ...fields, name: text, default_price: text }, ({ account, id, params }) => {
    const product = account.products.get(id)
    if (params.default_price !== undefined) account.prices.get(params.default_price, 'default_price')
    emitChange(account, 'product.updated', product, () => {
      product.active = params.active ?? product.active
      product.name = params.name ?? product.name
      product.default_price = params.default_price ?? product.default_price ?? null
      if (params.description !== undefined) product.description = params.description || null
      if (params.url !== undefined) product.url = params.url || null
      if (params.unit_label !== undefined) product.unit_label = params.unit_label || null
      product.metadata = mergeMetadata(product.metadata, params.metadata)
      product.updated = account.now()
    })
    return product
  }),
  route('GET', '/v1/products', { ...datedPaging, active: flag, ids: list(text) }, ({ account, params }) => {
    const { active, ids } = params
    const found = account.products
      .all()
      .filter((product) => active === undefined || product.active === active)
      .filter((product) => ids === undefined || ids.includes(product.id))
    return datedPage('/v1/products', found, params)
  }),
]
