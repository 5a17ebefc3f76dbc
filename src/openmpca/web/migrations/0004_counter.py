from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("web", "0003_demanded")]

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("ends", models.FloatField(db_index=True)),
            ],
        ),
    ]
