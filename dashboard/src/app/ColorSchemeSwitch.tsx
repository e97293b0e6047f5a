import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconButton } from '../components/IconButton';

export function ColorSchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <IconButton
      label={`To ${other} colours`}
      icon={other === 'dark' ? 'moon' : 'sun'}
      onClick={() => setColorScheme(other)}
    />
  );
}
