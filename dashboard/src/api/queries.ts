import { queryOptions } from '@tanstack/react-query'
import type { Client } from './client.js'
import type {
  AiKey,
  ApiToken,
  BillingCycle,
  BotStatus,
  Broker,
  ExchangeKey,
  Plan,
  PlanPreview,
  Preset,
  Profile,
  SavedConfig,
  SimulationPreset,
  StrategyInfo,
  Subscription,
  SymbolInfo,
  Trade,
  Whole,
} from './types.js'

/** What is read again and again: one key and one call each. Keys begin with the path. */

/** The bot tells of changes over the stream; heartbeats and lost messages are caught by looking. */
export const statusQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/bot/status'],
    queryFn: ({ signal }) => client.get<BotStatus>('/bot/status', { signal }),
    refetchInterval: 5_000,
  })

export const configQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/bot/config'],
    queryFn: ({ signal }) => client.get<SavedConfig>('/bot/config', { signal }),
  })

export const strategiesQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/strategies'],
    queryFn: async ({ signal }) => (await client.get<Whole<StrategyInfo>>('/strategies', { signal })).items,
    staleTime: 600_000,
  })

/** Ready settings of strategies, and one's own. */
export const presetsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/presets'],
    queryFn: async ({ signal }) => (await client.get<Whole<Preset>>('/presets', { signal })).items,
  })

export const simulationPresetsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/simulations/presets'],
    queryFn: async ({ signal }) =>
      (await client.get<Whole<SimulationPreset>>('/simulations/presets', { signal })).items,
    staleTime: 600_000,
  })

export const symbolsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/symbols'],
    queryFn: async ({ signal }) => (await client.get<Whole<SymbolInfo>>('/symbols', { signal })).items,
    staleTime: 60_000,
  })

export const keysQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/keys/exchange'],
    queryFn: async ({ signal }) => (await client.get<Whole<ExchangeKey>>('/keys/exchange', { signal })).items,
  })

export const aiKeysQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/keys/ai'],
    queryFn: async ({ signal }) => (await client.get<Whole<AiKey>>('/keys/ai', { signal })).items,
  })

export const brokersQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/brokers'],
    queryFn: async ({ signal }) => (await client.get<Whole<Broker>>('/brokers', { signal })).items,
    staleTime: 600_000,
  })

export const positionsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/positions'],
    queryFn: async ({ signal }) => (await client.get<Whole<Trade>>('/positions', { signal })).items,
    refetchInterval: 15_000,
  })

export const profileQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/users/me'],
    queryFn: ({ signal }) => client.get<Profile>('/users/me', { signal }),
  })

export const tokensQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/users/me/tokens'],
    queryFn: async ({ signal }) => (await client.get<Whole<ApiToken>>('/users/me/tokens', { signal })).items,
  })

export const plansQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/billing/plans'],
    queryFn: async ({ signal }) => (await client.get<Whole<Plan>>('/billing/plans', { signal })).items,
    staleTime: 60_000,
  })

/** What gives the user a plan; changes from outside are caught by looking. */
export const subscriptionQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/billing/subscription'],
    queryFn: ({ signal }) => client.get<Subscription>('/billing/subscription', { signal }),
    refetchInterval: 30_000,
  })

/** The plan in force and what it allows. */
export const planQuery = (client: Client) =>
  queryOptions({
    queryKey: ['/billing/subscription', 'plan'],
    queryFn: async ({ signal }): Promise<Plan | null> => {
      const [{ plan }, plans] = await Promise.all([
        client.get<Subscription>('/billing/subscription', { signal }),
        client.get<Whole<Plan>>('/billing/plans', { signal }),
      ])
      return plans.items.find(({ id }) => id === plan) ?? null
    },
    staleTime: 60_000,
    retry: false,
  })

/** What a change of plan would cost and do; asked anew each time somebody wants to know. */
export const planPreviewQuery = (client: Client, plan: string, cycle: BillingCycle) =>
  queryOptions({
    queryKey: ['/billing/preview', { plan, cycle }],
    queryFn: ({ signal }) => client.get<PlanPreview>('/billing/preview', { query: { plan, cycle }, signal }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
