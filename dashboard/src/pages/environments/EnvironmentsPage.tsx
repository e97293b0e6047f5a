import { PageTitle } from '../../components/PageTitle';

export default function EnvironmentsPage() {
  return <PageTitle title="EnvironmentsPage" />;
}
