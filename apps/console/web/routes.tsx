import { createRootRoute, createRoute, createRouter, Link, Outlet } from '@tanstack/react-router';
import { CampaignPage } from './pages/CampaignPage.js';
import { CampaignsPage } from './pages/CampaignsPage.js';
import { RoundPage } from './pages/RoundPage.js';

function Frame() {
  return (
    <>
      <header className="top">
        <Link to="/" className="brand">
          Probity
        </Link>
        <span className="muted">semi-supervised campaigns on images</span>
      </header>
      <main>
        <Outlet />
      </main>
    </>
  );
}

const root = createRootRoute({ component: Frame, notFoundComponent: () => <p role="alert">There is no such page.</p> });

const campaigns = createRoute({ getParentRoute: () => root, path: '/', component: CampaignsPage });
const campaign = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$id',
  component: function CampaignRoute() {
    return <CampaignPage id={campaign.useParams().id} />;
  },
});
const round = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$id/rounds/$round',
  component: function RoundRoute() {
    const params = round.useParams();
    return <RoundPage id={params.id} round={Number(params.round)} />;
  },
});

export const router = createRouter({ routeTree: root.addChildren([campaigns, campaign, round]) });
