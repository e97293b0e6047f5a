import { PageTitle } from '../../components/PageTitle';

export default function OverviewTab() {
  return <PageTitle title="OverviewTab" />;
}
