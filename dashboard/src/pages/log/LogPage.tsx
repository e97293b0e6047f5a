import { PageTitle } from '../../components/PageTitle';

export default function LogPage() {
  return <PageTitle title="LogPage" />;
}
