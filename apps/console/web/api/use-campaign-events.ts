import { campaignViewSchema } from '@probity/core/schemas/api/campaigns';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { apiPaths } from '../paths.js';
import { campaignQuery } from './queries.js';

/** Puts what the server says of a campaign into the cache as it happens. The browser reconnects by itself. */
export function useCampaignEvents(id: string): void {
  const client = useQueryClient();
  useEffect(() => {
    const source = new EventSource(apiPaths.events(id));
    source.addEventListener('campaign', ({ data }: MessageEvent<string>) => {
      const parsed = campaignViewSchema.safeParse(JSON.parse(data));
      if (parsed.success) client.setQueryData(campaignQuery(id).queryKey, parsed.data);
    });
    return () => source.close();
  }, [client, id]);
}
