/** Lines that show what vectors are good for: the same in other languages, the same in other words, and something else. */
export const EXAMPLE = [
  'The library opens at nine in the morning.',
  'Die Bibliothek öffnet um neun Uhr morgens.',
  'La bibliothèque ouvre à neuf heures du matin.',
  'Библиотека открывается в девять утра.',
  'تفتح المكتبة في التاسعة صباحا.',
  '図書館は朝九時に開きます。',
  'You can borrow books from nine o’clock on.',
  'The printer is out of paper.',
  'Der Drucker hat kein Papier mehr.',
  'La stampante ha finito la carta.',
  'The train to the coast was late again.',
  'Le train pour la côte était encore en retard.',
].join('\n');
