import { useEnvironment } from '../../app/environment';

export function EnvironmentName({ id }: { id: string }) {
  const { environments } = useEnvironment();
  return <bdi>{environments.find((one) => one.id === id)?.name ?? id}</bdi>;
}
