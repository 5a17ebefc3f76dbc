from openmpca.record.rooms import Room

ROOM = Room(name="accounting", derive=lambda s, k: {}, models=())
