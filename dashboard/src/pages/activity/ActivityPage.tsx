import { PageTitle } from '../../components/PageTitle';

export default function ActivityPage() {
  return <PageTitle title="ActivityPage" />;
}
