"""The tokens of programs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("person", models.CharField(db_index=True, max_length=100)),
                ("name", models.CharField(max_length=100)),
                ("states", models.BooleanField()),
                ("place", models.CharField(blank=True, max_length=100)),
                ("made", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("revoked", models.DateTimeField(null=True)),
                ("used", models.DateTimeField(null=True)),
            ],
        ),
    ]
